import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zone } from '../page/zone.ts';

const [january, july] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

/** The distance from UTC for a reader in this place. */
function zoneIn(t: { after: (undo: () => void) => void }, place: string, moment: number): string {
  const before = process.env.TZ;
  t.after(() => (before === undefined ? delete process.env.TZ : (process.env.TZ = before)));
  process.env.TZ = place;
  return zone(moment);
}

test('the distance from UTC is that of the moment, east positive, with its minutes', (t) => {
  const places = ['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kathmandu'];
  assert.deepEqual(
    places.map((place) => zoneIn(t, place, january)),
    ['+00:00', '+01:00', '-05:00', '-03:30', '+05:45'],
  );
  assert.equal(zoneIn(t, 'Europe/Berlin', july), '+02:00');
});
