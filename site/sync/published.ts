/** Where the site is published. GitHub Pages serves a project under its name, which is the base. */
export const origin = process.env.SITE_ORIGIN || 'http://127.0.0.1:4321';

/** The path of the front page, with a slash at both ends. */
export const base = `/${process.env.BASE_PATH ?? ''}/`.replaceAll(/\/{2,}/g, '/');
