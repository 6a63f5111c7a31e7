import { tryStage } from './try-stage.ts';

tryStage('stage-4');
