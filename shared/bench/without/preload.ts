import { registerHooks } from 'node:module';

/**
 * Loaded before a service (`NODE_OPTIONS=--import …`), puts the empty modules of this folder in the place of the
 * service's own. `BENCH_WITHOUT` names them, separated by commas: logger, metrics, instrumentation.
 */
const names = process.env.BENCH_WITHOUT!.split(',');

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const name = names.find((name) => resolved.url.endsWith(`/src/${name}.ts`));
    return name === undefined ? resolved : { ...resolved, url: new URL(`${name}.ts`, import.meta.url).href };
  },
});
