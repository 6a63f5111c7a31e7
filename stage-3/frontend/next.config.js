import { fileURLToPath } from 'node:url';

/** @type {import('next').NextConfig} */
export default {
  // For the image only, since it takes time: copies the server and the packages it uses to .next/standalone.
  output: process.env.STANDALONE ? 'standalone' : undefined,
  // Where node_modules is: in this folder, or in one above.
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.resolve('next/package.json'))) },
  // Not bundled: instrumentation must see packages being loaded, and server.ts shares winston.
  serverExternalPackages: [
    '@opentelemetry/instrumentation-http',
    '@opentelemetry/instrumentation-undici',
    '@opentelemetry/sdk-node',
    'prom-client',
    'winston',
  ],
  // tsc does that, for the tests too.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
};
