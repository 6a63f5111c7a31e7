import { context, createContextKey, SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { InstrumentationBase, InstrumentationNodeModuleDefinition, isWrapped } from '@opentelemetry/instrumentation';
import type postgres from 'postgres';

// Private parts of postgres.js, which another version may change; hence the range of versions below.
interface Query {
  executed: boolean;
  cursorRows?: number;
  tagged: boolean;
  strings: readonly string[];
  canceller: object;
  handle(): unknown;
  resolve(result: unknown): void;
  reject(error: Failure): void;
}

type Failure = Error & { code?: string; severity?: string };

// The same description makes the same key in the application.
const summaryKey = createContextKey('db.query.summary');

// Makes a client span for each query that postgres.js sends, except for cursors: they replace what ends the span.
export class PostgresInstrumentation extends InstrumentationBase {
  // A query does not know its database, but all queries of one client share a canceller, in transactions too.
  private databases = new WeakMap<object, Attributes>();

  constructor() {
    super('postgres-instrumentation', '1.0.0', {});
  }

  // The package exports the function that makes a client; we export a proxy in its place.
  protected init() {
    return new InstrumentationNodeModuleDefinition('postgres', ['>=3.4.0 <3.5.0'], (exports) => {
      return new Proxy(exports.default ?? exports, {
        apply: (makeClient, self, parameters) => this.observe(Reflect.apply(makeClient, self, parameters)),
      });
    });
  }

  private observe(sql: ReturnType<typeof postgres>) {
    // Build a query without sending it, to reach the unexported Query class.
    const { canceller, constructor } = sql`` as unknown as Query;
    const { host, port, database, user } = sql.options;
    // Each has two names: the one in today's semantic conventions, and the older one.
    this.databases.set(canceller, {
      'db.system.name': 'postgresql',
      'db.namespace': database,
      'server.address': host[0],
      'server.port': port[0],
      'db.system': 'postgresql',
      'db.name': database,
      'db.user': user,
    });
    if (!isWrapped(constructor.prototype.handle)) this._wrap(constructor.prototype, 'handle', this.traceQuery);

    return sql;
  }

  private traceQuery = (handle: () => unknown) => {
    const start = (query: Query) => this.startSpan(query);

    return function (this: Query) {
      // then(), catch() and finally() all come here, and the first of them sends the query.
      if (!this.executed && !this.cursorRows) start(this);
      return handle.call(this);
    };
  };

  private startSpan(query: Query) {
    const database = this.databases.get(query.canceller);
    if (!database || !this.isEnabled()) return;

    const summary = context.active().getValue(summaryKey) as string | undefined;
    // A template has placeholders for its values. Text given to sql.unsafe() may hold values, so we leave it out.
    const template = query.strings.reduce((text, part, index) => `${text}$${index}${part}`).trim();
    const text = query.tagged ? template : undefined;
    const attributes = { ...database, 'db.query.summary': summary, 'db.query.text': text, 'db.statement': text };
    const name = summary ?? String(database['db.namespace']);
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
    const { resolve, reject } = query;

    query.resolve = (result) => {
      if (span.isRecording()) span.end();
      resolve(result);
    };
    // postgres.js may settle a query twice; only the first time counts.
    query.reject = (error) => {
      if (span.isRecording()) failSpan(span, error);
      reject(error);
    };
  }
}

// An error's message may hold values; its code never does.
function failSpan(span: Span, { code, name, severity }: Failure) {
  // PostgreSQL's own errors have a severity, and an SQLSTATE as their code.
  span.setAttributes({ 'error.type': code ?? name, 'db.response.status_code': severity && code });
  span.setStatus({ code: SpanStatusCode.ERROR }).end();
}
