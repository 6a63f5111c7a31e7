import { testWholeStage } from './stage.ts';

testWholeStage('stage-2');
