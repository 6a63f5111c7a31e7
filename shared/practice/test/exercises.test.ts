import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { repositoryRoot } from '../../runtime/places.ts';
import { readContract } from '../../verify/contract/contract.ts';
import { readDashboards } from '../../verify/panels/dashboard.ts';
import { amend } from '../amend.ts';
import { exercisesOf, solutionPage, solutionPatch } from '../exercise.ts';
import { listing } from '../report.ts';
import { patched } from './apply.ts';
import { stages } from './stages.ts';
import { wrongAnswers, type Edit } from './wrong-answers.ts';

for (const stage of stages) {
  const folder = join(repositoryRoot, stage);
  const exercises = exercisesOf(stage);

  test(`${stage} lists its exercises, the easiest first`, () => {
    const lines = listing(stage, exercises).split('\n').slice(1);
    for (const [index, { name, minutes, title }] of exercises.entries()) {
      assert.match(lines[index]!, new RegExp(`^  ${name} .*\\b${minutes}\\b`));
      assert.ok(lines[index]!.endsWith(title));
    }
    const difficulties = exercises.map(({ difficulty }) => difficulty);
    assert.deepEqual(difficulties, difficulties.toSorted());
  });

  for (const exercise of exercises) {
    const { name, title, task, bug, contract, answer, panel, hints } = exercise;

    suite(`${stage}, exercise ${name}`, () => {
      test('has a task and a solution under its title', () => {
        assert.ok(task.startsWith(`# ${title}\n`), 'the task');
        const page = join(repositoryRoot, solutionPage(exercise));
        assert.ok(existsSync(page) && readFileSync(page, 'utf8').startsWith(`# ${title}\n`), solutionPage(exercise));
      });

      if (answer) {
        test('asks a question and knows a mistake', () => assert.notEqual(Object.keys(answer.mistakes).length, 0));
        return;
      }

      test('has a hint for its wrong answer', () => {
        const { hint = '' } = wrongAnswers[stage]?.[name] ?? {};
        assert.ok((panel?.mistakes ?? hints)[hint], 'test/wrong-answers.yaml names the hint');
      });

      test('has a solution that applies to the stage, and a bug that it repairs', () => {
        const solution = solutionPatch(exercise);
        assert.ok(solution, 'the solution is a patch');
        if (!bug) return assert.notDeepEqual(patched(solution, folder), {});
        const files = Object.entries(patched(bug, folder));
        const repaired = new Map(files);
        for (const [file, text] of Object.entries(patched(solution, folder, repaired)))
          assert.equal(text, readFileSync(join(folder, file), 'utf8'), `${file} is what it was`);
      });

      test('has a wrong answer that can be made of the solution', () => {
        const solved = new Map(Object.entries(bug ? patched(bug, folder) : {}));
        for (const [file, text] of Object.entries(patched(solutionPatch(exercise)!, folder, solved)))
          solved.set(file, text);
        for (let edit: Edit | undefined = wrongAnswers[stage]?.[name]; edit; edit = edit.also) {
          const { file, from, to } = edit;
          const text = solved.get(file) ?? readFileSync(join(folder, file), 'utf8');
          assert.ok(text.includes(from), `${file} has no ${from}`);
          solved.set(
            file,
            text.replace(from, () => to),
          );
        }
      });

      test('amends the contract of the stage, has a bug that breaks it, or asks for a new panel', () => {
        const before = readContract(folder);
        const amends = !isDeepStrictEqual(amend(before, contract ?? {}), before);
        assert.equal(amends, contract !== undefined);
        assert.ok(amends || bug || panel);
        const titles = readDashboards(folder).flatMap(({ queries }) => queries.map((query) => query.panel));
        if (panel) assert.ok(!titles.includes(panel.title));
      });
    });
  }

  test(`${stage} has no solution and no wrong answer for an exercise that does not exist`, () => {
    const names = exercises.map(({ name }) => name);
    const pages = globSync('*.md', { cwd: join(repositoryRoot, 'docs/solutions', stage) });
    assert.deepEqual(pages.map((file) => basename(file, '.md')).sort(), names.toSorted());
    const changing = exercises.filter(({ answer }) => !answer).map(({ name }) => name);
    assert.deepEqual(Object.keys(wrongAnswers[stage] ?? {}).sort(), changing.sort());
  });
}
