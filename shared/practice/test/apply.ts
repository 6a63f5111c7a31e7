import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch, parsePatch } from 'diff';

/**
 * Applies a patch from the repository's root to a stage that may be elsewhere.
 * @param stage the stage's folder
 * @throws Error when it does not apply
 */
export function apply(patch: string, stage: string): void {
  for (const [file, text] of Object.entries(patched(patch, stage))) writeFileSync(join(stage, file), text);
}

/**
 * The patched files by their path below the stage's folder, without writing them.
 * @param changed texts of files that are not as they are in the folder
 */
export function patched(patch: string, stage: string, changed = new Map<string, string>()): Record<string, string> {
  const files = parsePatch(patch).map((one) => {
    const file = one.newFileName!.replace(/^b\/stage-\d\//, '');
    const text = applyPatch(changed.get(file) ?? readFileSync(join(stage, file), 'utf8'), one);
    if (text === false) throw new Error(`The patch does not apply to ${file} any more.`);
    return [file, text];
  });
  if (files.length === 0) throw new Error('The patch changes no file.');
  return Object.fromEntries(files);
}
