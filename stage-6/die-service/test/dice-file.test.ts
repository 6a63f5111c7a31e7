import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readDiceFile } from '../src/dice-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dice-'));
const file = join(folder, 'dice.json');
after(() => rmSync(folder, { recursive: true }));

function read(content: string) {
  writeFileSync(file, content);
  return readDiceFile(file);
}

test('the dice come in the order of the file, with their faces and error rates', () => {
  const dice = read('{"zig":{"faces":[1,1,20],"error_rate":1},"__proto__":{"faces":[7],"error_rate":0}}');

  assert.deepEqual(
    [...dice],
    [
      ['zig', { faces: [1, 1, 20], error_rate: 1 }],
      ['__proto__', { faces: [7], error_rate: 0 }],
    ],
  );
});

test('what else an entry says is left out', () => {
  const dice = read('{"fair":{"faces":[1],"error_rate":0,"comment":"a dull die"}}');

  assert.deepEqual(dice.get('fair'), { faces: [1], error_rate: 0 });
});

const wrong = {
  'not json': /Unexpected token/,
  '[]': /it must be an object that maps identifiers to dice/,
  null: /it must be an object that maps identifiers to dice/,
  '{}': /there is no die in it/,
  '{"fair":null}': /die "fair": faces must be a list of whole numbers from 1, not undefined/,
  '{"fair":{"error_rate":0}}': /die "fair": faces must be .*, not undefined/,
  '{"fair":{"faces":[],"error_rate":0}}': /die "fair": faces must be .*, not \[\]/,
  '{"fair":{"faces":"123","error_rate":0}}': /die "fair": faces must be .*, not "123"/,
  '{"fair":{"faces":[1,"2"],"error_rate":0}}': /die "fair": faces must be .*, not \[1,"2"\]/,
  '{"fair":{"faces":[1.5],"error_rate":0}}': /die "fair": faces must be .*, not \[1\.5\]/,
  '{"fair":{"faces":[0],"error_rate":0}}': /die "fair": faces must be .*, not \[0\]/,
  '{"fair":{"faces":[2147483648],"error_rate":0}}': /die "fair": faces must be .*, not \[2147483648\]/,
  '{"fair":{"faces":[1],"error_rate":0},"risky":{"faces":[1]}}': /die "risky": error_rate must be .*, not undefined/,
  '{"fair":{"faces":[1],"error_rate":"0"}}': /die "fair": error_rate must be a number from 0 to 1, not "0"/,
  '{"fair":{"faces":[1],"error_rate":1.1}}': /die "fair": error_rate must be .*, not 1\.1/,
  '{"fair":{"faces":[1],"error_rate":-1}}': /die "fair": error_rate must be .*, not -1/,
  '{"":{"faces":[1],"error_rate":0}}': /die "": an identifier must have 1 to 50 characters, not 0/,
  '{"unknown":{"faces":[1],"error_rate":0}}': /die "unknown": an identifier must differ/,
};

test('an error stays short, however long the wrong value is', () => {
  const long = { faces: Array(5000).fill(0), ['x'.repeat(5000)]: [1] };

  for (const [identifier, faces] of Object.entries(long)) {
    const content = JSON.stringify({ [identifier]: { faces, error_rate: 0 } });
    assert.throws(
      () => read(content),
      ({ message }: Error) => message.length < 1000,
    );
  }
});

for (const [content, message] of Object.entries(wrong)) {
  test(`${content} is refused, with the file, the die and what is wrong`, () => {
    assert.throws(() => read(content), message);
    assert.throws(() => read(content), new RegExp(`^Error: Cannot use ${file}: `));
  });
}

test('a file that does not exist is refused', () => {
  assert.throws(() => readDiceFile(join(folder, 'none.json')), /Cannot use .*none\.json: ENOENT/);
});
