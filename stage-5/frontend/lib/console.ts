import { format, stripVTControlCharacters } from 'node:util';
import { cut, logger } from './logger.ts';

const text = (values: unknown[]) => cut(stripVTControlCharacters(format(...values)).trim());

// Next.js prints for people. Its news is left out; its warnings and errors become lines like all others.
console.log = console.info = () => {};
console.warn = (...values) => logger.warn('Next.js warning', { error: text(values) });
console.error = (...values) => logger.error('Next.js error', { error: text(values) });
