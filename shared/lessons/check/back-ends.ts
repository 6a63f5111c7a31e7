import { releasesPath } from '../../back-ends/releases.ts';
import { readLined } from '../yaml-lines.ts';
import type { Fault } from './fault.ts';
import { findImages } from './images.ts';
import type { Project } from './project.ts';

type Release = { image: string; version: string; build?: { id: string; of: string } };

/**
 * Releases in back-ends.yaml of another version than the image in compose.yaml, or of an image that no stage uses; and
 * builds that were not looked up again after a version changed.
 */
export function findUnequalBackEnds(project: Project): Fault[] {
  const remedy = 'Use one version with Docker and without.';
  if (!project.files.includes(releasesPath)) return [{ file: releasesPath, line: 1, fault: 'it is missing', remedy }];
  const { value, lineOf } = readLined(project.read(releasesPath));
  const images = findImages(project);
  const releases = Object.entries<Release>(value);
  const unequal = releases.flatMap(([name, { image, version }]) => {
    const used = images.find((each) => each.name === image);
    if (used?.tag?.replace(/^v/, '') === version) return [];
    const other = used ? `the image is ${used.tag} in ${used.file}:${used.line}` : `no stage uses the image ${image}`;
    return [
      { file: releasesPath, line: lineOf([name, 'version']), fault: `${name} is ${version}, and ${other}`, remedy },
    ];
  });
  const outdated = releases
    .filter(([, { version, build }]) => build && build.of !== version)
    .map(([name, { version, build }]) => ({
      ...{ file: releasesPath, line: lineOf([name, 'build']) },
      fault: `${name} is ${version}, and build ${build!.id} is of ${build!.of}`,
      remedy: `Look up the build of ${version} on the project's download page, and set id and of.`,
    }));
  return [...unequal, ...outdated];
}
