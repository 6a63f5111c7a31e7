import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

/** A mention of an image in a compose file or a Dockerfile. */
export interface Image {
  file: string;
  line: number;
  name: string;
  tag: string | undefined;
}

/** Images without an exact tag, and images of which two versions are in use. */
export function findUnequalImages(project: Project): Fault[] {
  const images = findImages(project);
  return [...images.flatMap(untagged), ...unequal(images)];
}

/** Every image that compose files and Dockerfiles name. */
export function findImages(project: Project): Image[] {
  return project.files.filter(isInUse).flatMap((file) => imagesIn(file, project.read(file)));
}

/** Examples in tests do not count as used. */
function isInUse(file: string): boolean {
  return /(^|\/)((\w+\.)?Dockerfile|compose(\.\w+)?\.yaml)$/.test(file) && !/(^|\/)(test|fixtures)\//.test(file);
}

const patterns = [
  /^\s*image:\s*["']?([^\s"'#]+)/,
  /^\s*FROM\s+(?:--\S+\s+)*(\S+)/i,
  /^\s*COPY\s+.*--from=([^\s]*[:/][^\s]*)/i,
];

function imagesIn(file: string, text: string): Image[] {
  const stages = new Set([...text.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim)].map(([, name]) => name!.toLowerCase()));
  return text.split('\n').flatMap((content, index) => {
    const reference = patterns.map((pattern) => pattern.exec(content)?.[1]).find((found) => found !== undefined);
    if (reference === undefined || stages.has(reference.toLowerCase()) || reference === 'scratch') return [];
    // A colon before the last slash belongs to a registry's port.
    const [, name, tag] = /^(.+?)(?::([^/:]+))?$/.exec(reference) as unknown as [string, string, string | undefined];
    return { file, line: index + 1, name, tag };
  });
}

function untagged({ file, line, name, tag }: Image): Fault[] {
  if (tag !== undefined && /\d/.test(tag) && !tag.includes('$')) return [];
  return [{ file, line, fault: `the image ${name} has no exact version`, remedy: `Name one: ${name}:<version>` }];
}

/** Without the variant: `24.21.0-alpine` and `24.21.0-slim` are one version. */
function versionOf(tag: string | undefined): string | undefined {
  return tag?.split('-')[0];
}

function unequal(images: Image[]): Fault[] {
  return [...Map.groupBy(images, ({ name }) => name).values()].flatMap(([first, ...others]) =>
    others
      .filter(({ tag }) => versionOf(tag) !== versionOf(first!.tag))
      .map(({ file, line, name, tag }) => ({
        ...{ file, line },
        fault: `the image ${name} is ${tag} here, and ${first!.tag} in ${first!.file}:${first!.line}`,
        remedy: 'Use one version everywhere.',
      })),
  );
}
