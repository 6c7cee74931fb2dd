/** Options that several commands share. Every option overrides the environment variable it is named after. */
import { InvalidArgumentError, Option } from 'commander';

import { parseModel, readConfig, type Config, type UserModel } from '../ops/config.js';

export interface SharedFlags {
  data?: string;
  role?: string;
  host?: string;
  port?: string;
  trustAnchors?: string;
  documentTrustAnchors?: string;
  model?: UserModel[];
}

export type StoreFlags = Pick<SharedFlags, 'data'>;

export const dataOption = (): Option =>
  new Option('--data <folder>', 'where the service keeps everything (MEDIAGUARD_DATA)');

export const trustOption = (): Option =>
  new Option(
    '--trust-anchors <folder>',
    'PEM files of the C2PA signers to trust (MEDIAGUARD_TRUST_ANCHORS)',
  );

export const documentTrustOption = (): Option =>
  new Option(
    '--document-trust-anchors <folder>',
    'PEM files of those whose signatures on documents to trust (MEDIAGUARD_DOCUMENT_TRUST_ANCHORS)',
  );

export const modelOption = (): Option =>
  new Option(
    '--model <id=folder>',
    'run a model of your own; may be given again (MEDIAGUARD_MODELS)',
  ).argParser(collectModel);

export function configOf(flags: SharedFlags): Config {
  const config = readConfig({
    ...process.env,
    ...(flags.data && { MEDIAGUARD_DATA: flags.data }),
    ...(flags.role && { MEDIAGUARD_ROLE: flags.role }),
    ...(flags.host && { MEDIAGUARD_HOST: flags.host }),
    ...(flags.port && { MEDIAGUARD_PORT: flags.port }),
    ...(flags.trustAnchors && { MEDIAGUARD_TRUST_ANCHORS: flags.trustAnchors }),
    ...(flags.documentTrustAnchors && {
      MEDIAGUARD_DOCUMENT_TRUST_ANCHORS: flags.documentTrustAnchors,
    }),
  });
  return flags.model ? { ...config, models: flags.model } : config;
}

function collectModel(text: string, earlier: UserModel[] | undefined): UserModel[] {
  const model = parseModel(text);
  if (!model) throw new InvalidArgumentError('Expected <model id>=<folder>.');
  return [...(earlier ?? []), model];
}

/** A whole number within bounds, for options. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
