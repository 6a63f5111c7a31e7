import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** All of the name must match. */
const pattern = z.string().transform((text) => new RegExp(`^(?:${text})$`));

const schema = z.strictObject({
  attributes: z.array(z.string()),
  variables: z.array(
    z.strictObject({ name: pattern, image: z.string().optional(), package: z.string().optional(), source: z.url() }),
  ),
  metrics: z.array(z.strictObject({ service: z.string(), names: z.array(pattern), source: z.url() })),
});

/** What known.yaml lists; each entry names its source there. */
export const known = schema.parse(parse(readFileSync(join(import.meta.dirname, 'known.yaml'), 'utf8')));
