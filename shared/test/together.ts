import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Node starts once for all the files that the arguments name, and loads what they share once.
for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)).href);
