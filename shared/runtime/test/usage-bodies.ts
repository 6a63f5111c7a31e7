const timestamp = '2026-11-21T09:00:00.000Z';
const usage = { timestamp, level: 'INFO', message: 'Usage', usage: true, event: 'sign-in', user: 'Ada' };

/** Lines that the rule of stage 6 sends to the usage file. */
export const usageBodies = [
  JSON.stringify(usage),
  JSON.stringify({ ...usage, user: '{"usage":false}' }),
  JSON.stringify({ user: 'é😀\u202e', usage: true }),
  '  \t{ "usage" : true }  ',
  '{"usage":false,"usage":true}',
];

/** Lines that only look so; they stay among the others. */
export const ordinaryBodies = [
  '',
  'usage',
  'a client sent "usage": true',
  '{"usage": true',
  '{"usage": true,}',
  '{"usage": true} and more',
  '{"usage": true}{"usage": true}',
  "{'usage': true}",
  '{ broken "usage": true }',
  '{{"usage": true}}',
  '[{"usage": true}]',
  '"{\\"usage\\": true}"',
  '\ufeff{"usage": true}',
  JSON.stringify({ usage: 'true' }),
  JSON.stringify({ usage: 1 }),
  JSON.stringify({ usage: [true] }),
  JSON.stringify({ usage: { usage: true } }),
  JSON.stringify({ usage: null }),
  JSON.stringify({ usage: false, fields: usage }),
  JSON.stringify({ Usage: true, USAGE: true, 'usage ': true, 'us\u0000age': true }),
  JSON.stringify({ message: JSON.stringify(usage) }),
  '{"usage":true,"usage":false}',
  'null',
  '{}',
];
