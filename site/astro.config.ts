import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import { sidebar } from './sync/sidebar.ts';
import { repository } from './sync/pages.ts';
import { base, origin } from './sync/published.ts';

export default defineConfig({
  ...{ site: origin, base, trailingSlash: 'always' },
  // The screenshots are as small as they get; WebP would make them larger.
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: 'OpenTelemetry dice',
      description: 'Learn OpenTelemetry in TypeScript, in six stages',
      social: [{ icon: 'github', label: 'GitHub', href: repository }],
      sidebar: sidebar(),
      components: { PageTitle: './src/components/PageTitle.astro' },
      customCss: ['./src/styles/site.css'],
      expressiveCode: { defaultProps: { wrap: true }, styleOverrides: { codeFontSize: '0.8rem' } },
      tableOfContents: { maxHeadingLevel: 2 },
    }),
  ],
});
