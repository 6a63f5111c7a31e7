import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { baseImages } from '../runtime/compose/dockerfile.ts';
import type { ComposeService } from '../runtime/compose/service.ts';
import { stageDirectory } from '../runtime/places.ts';

/** What a stage needs of an engine. */
export interface StageImages {
  /** Images that are pulled, bases of those that are built included. */
  pulled: string[];
  built: Built[];
  /** Services whose image takes more from the internet than npm's packages. */
  leftOut: string[];
}

/** A service whose image is built on this machine. */
export interface Built {
  service: string;
  bases: string[];
  lock: string;
}

/** The images of a stage. @throws Problem where its compose.yaml cannot be read */
export function imagesOf(stage: string): StageImages {
  const directory = stageDirectory(stage);
  const { services } = readComposeFile(directory);
  const dockerfiles = services.filter(({ build }) => build).map((service) => readBuild(directory, service));
  const built = dockerfiles.filter(({ text }) => !/\b(apt-get|apk)\b/.test(text));
  const named = services.flatMap(({ image }) => image ?? []);
  return {
    pulled: [...new Set([...named, ...built.flatMap(({ bases }) => bases)])].sort(),
    built: built.map(({ service, bases, lock }) => ({ service, bases, lock })),
    leftOut: dockerfiles.filter((each) => !built.includes(each)).map(({ service }) => service),
  };
}

function readBuild(directory: string, { name, build }: ComposeService): Built & { text: string } {
  const folder = join(directory, build!.context);
  const text = readFileSync(join(folder, build!.dockerfile), 'utf8');
  return { service: name, bases: baseImages(text), lock: join(folder, 'package-lock.json'), text };
}
