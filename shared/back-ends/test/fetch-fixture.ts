import type { TestContext } from 'node:test';
import { fetchBackEnds } from '../fetch-back-ends.ts';
import { patience } from '../patience.ts';
import type { OnProgress } from '../download.ts';
import { archivesFor, type Releases } from '../releases.ts';
import { openSource } from '../source.ts';
import { checksums, releaseServer, tarball, temporaryFolder, zip, type ReleaseServer } from './release-server.ts';

Object.assign(patience, { pause: 1, stall: 300 });

export const platform = 'linux-amd64';

/** What a fetch said, and what its progress was. */
export interface Fetched {
  said: string[];
  progress: Parameters<OnProgress>[];
}

export interface Fixture {
  server: ReleaseServer;
  releases: Releases;
  folder: string;
  /** Fetches all releases, from the server or from a teacher's address or folder. */
  fetch: (how?: { from?: string; signal?: AbortSignal; platform?: string; into?: string }) => Promise<Fetched>;
}

/** Two releases on a server: Prometheus in a .tar.gz with a folder, and Loki in a .zip. */
export async function fixture(t: TestContext): Promise<Fixture> {
  const readme = 'lorem ipsum '.repeat(4000);
  const archives = {
    'prometheus.tar.gz': tarball(t, {
      'prometheus-3.13.1/prometheus': '#!/bin/sh\necho prometheus 3.13.1\n',
      'prometheus-3.13.1/conf/defaults.ini': '[server]\n',
      'prometheus-3.13.1/README.md': readme,
    }),
    'loki-linux-amd64.zip': zip({ 'loki-linux-amd64': '#!/bin/sh\necho loki\n', 'LICENSE.txt': readme }),
  };
  const server = await releaseServer(t, { ...archives, 'sums.txt': checksums(archives) });
  const folder = temporaryFolder(t);
  const releases = releasesOn(server.url);
  const fetch: Fixture['fetch'] = async ({
    from,
    signal = t.signal,
    platform: other = platform,
    into = folder,
  } = {}) => {
    const fetched: Fetched = { said: [], progress: [] };
    const progress = {
      begin:
        (): OnProgress =>
        (...step) =>
          void fetched.progress.push(step),
      say: (text: string) => void fetched.said.push(text),
      end: () => {},
    };
    const options = { source: openSource(from), folder: into, platform, progress, signal };
    await fetchBackEnds(archivesFor(releases, other).archives, options);
    return fetched;
  };
  return { server, releases, folder, fetch };
}

function releasesOn(url: string): Releases {
  const common = { checksums: `${url}/sums.txt`, sha256: {}, platforms: [platform, 'darwin-arm64'] };
  return {
    prometheus: {
      ...{ ...common, image: 'prom/prometheus', version: '3.13.1', archive: `${url}/prometheus.tar.gz` },
      ...{ strip: 1, program: 'prometheus', keep: ['conf/**'] },
    },
    loki: {
      ...{ ...common, image: 'grafana/loki', version: '3.7.6', archive: `${url}/loki-{os}-{arch}.zip` },
      ...{ strip: 0, program: 'loki-{os}-{arch}', as: 'loki', keep: [] },
    },
  };
}
