import { format, stripVTControlCharacters } from 'node:util';
import { cut, logger } from './logger.ts';

const text = (values: unknown[]) => cut(stripVTControlCharacters(format(...values)).trim());

// Drops Next.js's info output; logs its warnings and errors as JSON.
console.log = console.info = () => {};
console.warn = (...values) => logger.warn('Next.js warning', { error: text(values) });
console.error = (...values) => logger.error('Next.js error', { error: text(values) });
