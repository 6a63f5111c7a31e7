import { connect } from 'node:net';

/** The outcome of a hostile request: an answer, a connection that was closed, or nothing for too long. */
export interface Reply {
  status?: number;
  body: string;
  /** Neither an answer nor an end of the connection. */
  hung: boolean;
}

const patience = 10_000;
const mostRead = 64 * 1024;

/** Sends bytes over a separate connection, because no HTTP client would send these. */
export function sendBytes(url: URL, bytes: Buffer): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const socket = connect(Number(url.port), url.hostname);
  let text = '';
  let hung = false;
  socket.setEncoding('latin1').setTimeout(patience);
  socket.on('connect', () => socket.write(bytes));
  socket.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, mostRead);
    if (isWhole(text)) socket.destroy();
  });
  socket.on('timeout', () => {
    hung = readReply(text).status === undefined;
    socket.destroy();
  });
  // A server that refuses a request halfway may close the connection before all of it was sent.
  socket.on('error', () => undefined);
  socket.on('close', () => resolve({ ...readReply(text), hung }));
  return promise;
}

/** The final answer: interim ones, such as `100 Continue`, come before it. */
export function readReply(text: string): { status?: number; body: string } {
  const [, code, rest = ''] = /^(?:HTTP\/1\.1 1\d\d[^]*?\r\n\r\n)*HTTP\/1\.1 (?!1)(\d{3})([^]*)$/.exec(text) ?? [];
  const end = rest.indexOf('\r\n\r\n');
  return { ...(code && { status: Number(code) }), body: end < 0 ? '' : rest.slice(end + 4) };
}

/** Whether an answer is complete, for a connection that is not closed after it. */
function isWhole(text: string): boolean {
  const { status, body } = readReply(text);
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(text) ?? [];
  return status !== undefined && length !== undefined && body.length >= Number(length) && Number(length) > 0;
}
