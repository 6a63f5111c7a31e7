import { releasesPath } from '../../back-ends/releases.ts';
import { readLined } from '../yaml-lines.ts';
import type { Fault } from './fault.ts';
import { findImages } from './images.ts';
import type { Project } from './project.ts';

/** Releases in back-ends.yaml of another version than the image in compose.yaml, or of an image that no stage uses. */
export function findUnequalBackEnds(project: Project): Fault[] {
  const remedy = 'Use one version with Docker and without.';
  if (!project.files.includes(releasesPath)) return [{ file: releasesPath, line: 1, fault: 'it is missing', remedy }];
  const { value, lineOf } = readLined(project.read(releasesPath));
  const images = findImages(project);
  return Object.entries<{ image: string; version: string }>(value).flatMap(([name, { image, version }]) => {
    const used = images.find((each) => each.name === image);
    if (used?.tag?.replace(/^v/, '') === version) return [];
    const other = used ? `the image is ${used.tag} in ${used.file}:${used.line}` : `no stage uses the image ${image}`;
    return [
      { file: releasesPath, line: lineOf([name, 'version']), fault: `${name} is ${version}, and ${other}`, remedy },
    ];
  });
}
