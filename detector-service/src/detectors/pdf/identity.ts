import type { Finder } from '../../verdict/finding-codes.js';

/** The detector under whose name all findings about PDF files are made. */
export const PDF_DETECTOR: Finder = { id: 'pdf', version: '1.1.0' };
