import { parse } from '@babel/parser';
import { traverseFast, type Node } from '@babel/types';

/** A module that a source refers to. */
export interface Import {
  specifier: string;
  line: number;
  /** Gone once the types are stripped. */
  typeOnly: boolean;
}

export interface Source {
  imports: Import[];
  /** Every text literal and every `x.NAME`: if a variable's name is among these, something reads it. */
  names: Set<string>;
}

/** Whether a file is one whose imports can be read. */
export function isSource(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}

/** Stages are copies: most texts occur several times, and `check` spends most of its time on reading them. */
const read = new Map<string, Source>();

/** Reads TypeScript or JavaScript. @throws SyntaxError with line and column */
export function readSource(file: string, text: string): Source {
  // In a .ts file, `<T>(x) => x` is a generic function; with the plugin it would be read as JSX.
  const jsx = /x$/.test(file) || /\.[cm]?js$/.test(file);
  const key = `${jsx} ${text}`;
  const source = read.get(key) ?? parseSource(text, jsx);
  read.set(key, source);
  return source;
}

function parseSource(text: string, jsx: boolean): Source {
  const tree = parse(text, { sourceType: 'module', plugins: jsx ? ['typescript', 'jsx'] : ['typescript'] });
  const source: Source = { imports: [], names: new Set() };
  traverseFast(tree, (node) => {
    const found = importOf(node);
    if (found) source.imports.push({ line: node.loc!.start.line, ...found });
    if (node.type === 'StringLiteral') source.names.add(node.value);
    if (node.type === 'MemberExpression' && node.property.type === 'Identifier') source.names.add(node.property.name);
  });
  return source;
}

function importOf(node: Node): Omit<Import, 'line'> | undefined {
  switch (node.type) {
    case 'ImportDeclaration': {
      const kinds = node.specifiers.map((each) => (each.type === 'ImportSpecifier' ? each.importKind : 'value'));
      const typeOnly = node.importKind === 'type' || (kinds.length > 0 && kinds.every((kind) => kind === 'type'));
      return { specifier: node.source.value, typeOnly };
    }
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { specifier: node.source.value, typeOnly: node.exportKind === 'type' } : undefined;
    case 'ImportExpression':
      return node.source.type === 'StringLiteral' ? { specifier: node.source.value, typeOnly: false } : undefined;
    case 'TSImportType':
      return { specifier: node.source.value, typeOnly: true };
    default:
      return undefined;
  }
}
