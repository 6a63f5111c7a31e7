import { SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { InstrumentationBase, InstrumentationNodeModuleDefinition, isWrapped } from '@opentelemetry/instrumentation';
import type postgres from 'postgres';

type Options = ReturnType<typeof postgres>['options'];

// What postgres.js keeps in a query but does not publish; hence the range of versions below.
interface Query {
  executed: boolean;
  tagged: boolean;
  strings: readonly string[];
  statement: { string: string } | null;
  canceller: object;
  handle(): unknown;
  resolve(result: unknown): void;
  reject(error: Error & { code?: string; severity?: string }): void;
}

// Makes a client span of each query that postgres.js sends.
export class PostgresInstrumentation extends InstrumentationBase {
  // A query does not know its database, but all queries of one client share a canceller, in transactions too.
  private databases = new WeakMap<object, Attributes>();

  constructor() {
    super('postgres-instrumentation', '1.0.0', {});
  }

  // The package's one export is the function that makes a client; what is returned here takes its place.
  protected init() {
    return new InstrumentationNodeModuleDefinition('postgres', ['>=3.4.0 <3.5.0'], (exports) => {
      return new Proxy(exports.default ?? exports, {
        apply: (makeClient, self, parameters) => this.observe(Reflect.apply(makeClient, self, parameters)),
      });
    });
  }

  private observe(sql: ReturnType<typeof postgres>) {
    // A query that is never sent shows what is not exported: the class of all queries.
    const { canceller, constructor } = sql`` as unknown as Query;
    this.databases.set(canceller, databaseAttributes(sql.options));
    if (!isWrapped(constructor.prototype.handle)) this._wrap(constructor.prototype, 'handle', this.traceQuery);

    return sql;
  }

  private traceQuery = (handle: () => unknown) => {
    const start = (query: Query) => this.startSpan(query);

    return function (this: Query) {
      // then(), catch() and finally() all come here, and the first of them sends the query.
      if (!this.executed) start(this);
      return handle.call(this);
    };
  };

  private startSpan(query: Query) {
    const attributes = this.databases.get(query.canceller);
    if (!attributes || !this.isEnabled()) return;

    const operation = query.strings[0]?.match(/\w+/)?.[0].toUpperCase() ?? 'QUERY';
    const name = `${operation} ${attributes['db.namespace']}`;
    const known = { ...attributes, 'db.operation.name': operation };
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: known });
    const { resolve, reject } = query;

    query.resolve = (result) => {
      endSpan(span, query);
      resolve(result);
    };
    query.reject = (error) => {
      // The server's own errors have a severity, and an SQLSTATE as their code.
      const status = error.severity && error.code;
      endSpan(span, query, { 'error.type': error.code ?? error.name, 'db.response.status_code': status }, error);
      reject(error);
    };
  }
}

// postgres.js may settle a query twice; only the first time counts.
function endSpan(span: Span, query: Query, outcome: Attributes = {}, error?: Error) {
  if (!span.isRecording()) return;

  const text = queryText(query);
  span.setAttributes({ ...outcome, 'db.query.text': text, 'db.statement': text });
  if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message }).recordException(error);
  span.end();
}

// Placeholders stand for the values of a template. What sql.unsafe() was given may hold values, and is not shown.
function queryText({ tagged, statement, strings }: Query): string | undefined {
  if (!tagged) return undefined;

  return (statement?.string ?? strings.reduce((text, part, index) => `${text}$${index}${part}`)).trim();
}

// Both names of each attribute: those of today's semantic conventions, and those before them.
function databaseAttributes({ host, port, database, user }: Options): Attributes {
  return {
    'db.system.name': 'postgresql',
    'db.namespace': database,
    'server.address': host[0],
    'server.port': port[0],
    'db.system': 'postgresql',
    'db.name': database,
    'db.user': user,
  };
}
