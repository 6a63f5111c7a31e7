/** What to do where a project builds no program for a machine: only Tempo lacks any, those for macOS. */
export function withoutRelease(name: string, platform: string): string {
  const fact = `${name} has no release for ${platform}`;
  if (name !== 'tempo') return `${fact}. Use Docker for it.`;
  return `${fact}, so Grafana shows no traces. The built-in trace viewer does: DICE_BACK_ENDS=none make stage-1 up`;
}
