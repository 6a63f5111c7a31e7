import { Problem } from '../runtime/problem.ts';

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** A machine as release archives name it: `linux-amd64`; undefined where no project builds for it. */
export function platformOf(system: NodeJS.Platform, architecture: NodeJS.Architecture): string | undefined {
  const os = systems[system];
  // Windows on arm64 runs programs for amd64, and few projects build others.
  const arch = os === 'windows' ? 'amd64' : architectures[architecture];
  return os && arch && `${os}-${arch}`;
}

/** This machine's platform. @throws Problem where no project builds for it */
export function thisPlatform(): string {
  const { platform, arch } = process;
  const name = platformOf(platform, arch);
  if (!name) throw new Problem(`The back ends are not published for ${platform} on ${arch}. Use Docker instead.`);
  return name;
}
