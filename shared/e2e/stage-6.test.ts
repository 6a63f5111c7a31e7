import assert from 'node:assert/strict';
import { testWholeStage } from './stage.ts';

testWholeStage('stage-6', async (stage) => {
  const { code, output } = await stage.make('usage');

  assert.equal(code, 0, output);
  assert.match(output, /│ User 1 +│ +[1-9]\d* │ +[1-9]/);
  assert.match(output, /│ TOTAL +│ +[1-9]/);
});
