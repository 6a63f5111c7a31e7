import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { countsOf } from '../pages/fill-marker.ts';
import { parseMarkers, renderMarker } from '../pages/markers.ts';
import { parseBlocks } from '../pages/parse-page.ts';
import type { Change } from '../steps.ts';

suite('the blocks of a page', () => {
  const page = `# Title

The histogram counts rolls:

\`\`\`diff title="a.ts" anchor='say("a\\b")' odd
+old
\`\`\`

Two words.

\`\`\`ts
no block
\`\`\`

~~~diff
~~~

- An item explains it, too.
`;

  test('have what their author wrote, read unchanged', () => {
    const [block] = parseBlocks(page);
    assert.deepEqual(block!.attributes, { title: 'a.ts', anchor: String.raw`say("a\b")` });
    assert.deepEqual([block!.rest, block!.line], ['odd', 5]);
    assert.equal(page.slice(block!.start, block!.end).split('\n').length, 3);
  });

  test('are those of a difference, and their neighbours are sentences right next to them', () => {
    const neighbours = parseBlocks(page).map((block) => block.neighbours.map((place) => page.slice(place, place + 7)));
    assert.deepEqual(neighbours, [['The his'], ['- An it']]);
  });
});

suite('the markers of a page', () => {
  const page =
    'Some text is here.\n\n<!-- same\na = b\n-->\n\nold\n\n<!-- /same -->\n\nThere are <!-- tests -->2<!-- /tests -->.\n';

  test('have what their author wrote, what was filled in, and their line', () => {
    const [same, tests] = parseMarkers(page);
    const read = [same!, tests!].map(({ name, given, line, content, beginsLine }) => {
      return [name, given, line, content, beginsLine];
    });
    assert.deepEqual(read, [
      ['same', 'a = b', 3, '\n\nold\n\n', true],
      ['tests', '', 11, '2', false],
    ]);
    assert.equal(same!.explained, true);
  });

  test('are filled again to what they were', () => {
    for (const marker of parseMarkers(page)) {
      const content = marker.content.trimEnd();
      assert.equal(renderMarker(marker, content), page.slice(marker.start, marker.end));
    }
  });

  test('need their own end', () => {
    assert.deepEqual(parseMarkers('<!-- tests -->2<!-- /other -->'), []);
  });
});

test('counts are in the singular for one, and of all changes together', () => {
  const change = (added: number, deleted: number) => ({ added, deleted }) as Change;
  assert.equal(countsOf([change(1, 0)]), '1 file, 1 line added, 0 removed');
  assert.equal(countsOf([change(2, 1), change(3, 4)]), '2 files, 5 lines added, 5 removed');
});
