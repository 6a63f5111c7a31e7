import assert from 'node:assert/strict';
import { testWholeStage } from './stage.ts';

testWholeStage('stage-5', async (stage) => {
  const steps = '--phase 3 --only database-stop database-kill database-restart';
  const { code, output } = await stage.make('drill', { DRILL: steps });

  assert.equal(code, 0, output);
  assert.match(output, /stage-5 passed the drill: \d+ passed, 0 failed/);
});
