import type { C2paAction, C2paIdentity, C2paIngredient } from '../verdict/types.js';
import { isMismatch, type ActiveStatuses } from './c2pa-codes.js';
import type { Ingredient, Manifest, ManifestStore } from './c2pa-store.js';
import { digitalSourceTypesIn, shortSourceType } from './digital-source-type.js';
import { namesGenerator } from './generators.js';
import { printableOrNull } from './printable.js';

/** Bounds on what is reported; a store may hold hundreds of manifests. */
const MAX_INGREDIENTS = 50;
const MAX_ACTIONS = 50;
const MAX_NAMES = 20;

export function claimGenerator(manifest: Manifest): string | null {
  return printableOrNull(manifest.claim_generator_info?.[0]?.name ?? manifest.claim_generator);
}

export function signerOf(manifest: Manifest): string | null {
  const { common_name, issuer } = manifest.signature_info ?? {};
  return printableOrNull(common_name ?? issuer);
}

/** What the media was made from, over all manifests, the active manifest's first. */
export function ingredientsOf(store: ManifestStore): C2paIngredient[] {
  const broken = brokenIngredients(store);
  const found: C2paIngredient[] = [];
  for (const [label, { ingredients }] of activeFirst(store)) {
    for (const ingredient of ingredients) {
      if (found.length === MAX_INGREDIENTS) return found;
      const own = ingredient.active_manifest
        ? store.manifests[ingredient.active_manifest]
        : undefined;
      found.push({
        title: printableOrNull(ingredient.title),
        relationship: printableOrNull(ingredient.relationship, 40),
        state: stateOf(ingredient, label, own, broken),
        signer: own ? signerOf(own) : null,
        digitalSourceTypes: digitalSourceTypesIn([own?.assertions, ingredient['metadata']]),
      });
    }
  }
  return found;
}

function activeFirst(store: ManifestStore): [string, Manifest][] {
  const isActive = ([label]: [string, Manifest]): boolean => label === store.active_manifest;
  const entries = Object.entries(store.manifests);
  return [...entries.filter(isActive), ...entries.filter((entry) => !isActive(entry))];
}

/** Addresses of ingredient assertions whose manifests fail now, though the signer may have recorded otherwise. */
function brokenIngredients(store: ManifestStore): readonly string[] {
  return (store.validation_results?.ingredientDeltas ?? [])
    .filter(({ validationDeltas }) => validationDeltas.failure.some(({ code }) => isMismatch(code)))
    .map(({ ingredientAssertionURI }) => ingredientAssertionURI);
}

function stateOf(
  ingredient: Ingredient,
  manifest: string,
  own: Manifest | undefined,
  broken: readonly string[],
): C2paIngredient['state'] {
  const address = `/${manifest}/c2pa.assertions/${ingredient.label ?? ''}`;
  const recorded = ingredient.validation_results?.activeManifest?.failure ?? [];
  if (broken.some((uri) => uri.endsWith(address))) return 'broken';
  if (recorded.some(({ code }) => isMismatch(code))) return 'broken';
  if (own) return 'valid';
  return ingredient.active_manifest ? 'unreadable' : 'absent';
}

/** How the media came to be, in the actions that matter for this question, over all manifests. */
const TELLING = /^c2pa\.(?:created|opened|placed|edited)$/;

export function actionsOf(store: ManifestStore): C2paAction[] {
  const found: C2paAction[] = [];
  for (const [, { assertions }] of activeFirst(store)) {
    for (const { label, data } of assertions) {
      if (!label.startsWith('c2pa.actions')) continue;
      for (const action of listOf(data, 'actions')) {
        const name = textOf(action, 'action');
        const digitalSourceType = shortSourceType(fieldOf(action, 'digitalSourceType'));
        if (!name || (!TELLING.test(name) && !digitalSourceType)) continue;
        if (found.length === MAX_ACTIONS) return found;
        found.push({
          action: name,
          digitalSourceType,
          softwareAgent: agentOf(action),
        });
      }
    }
  }
  return found;
}

/**
 * A generator that created the media by its own word, in claims older than the digital source type: its name stands as the software of the creation.
 * Claims that do name a source type are taken at that word instead.
 */
export function creatingGenerator(actions: readonly C2paAction[]): string | null {
  for (const { action, digitalSourceType, softwareAgent } of actions) {
    if (action !== 'c2pa.created' || digitalSourceType || !softwareAgent) continue;
    const generator = namesGenerator(softwareAgent);
    if (generator) return generator;
  }
  return null;
}

/** The first generator that signer, claim or actions of any manifest name. The name says which generator it was, never that there was one. */
export function namedGenerator(store: ManifestStore): string | null {
  for (const [, manifest] of activeFirst(store)) {
    const agents = manifest.assertions
      .filter(({ label }) => label.startsWith('c2pa.actions'))
      .flatMap(({ data }) => [...listOf(data, 'actions'), ...listOf(data, 'softwareAgents')])
      .slice(0, MAX_NAMES)
      .map((action) => agentOf(action) ?? textOf(action, 'name'));
    const { issuer, common_name } = manifest.signature_info ?? {};
    const named = namesGenerator(
      [claimGenerator(manifest), issuer, common_name, ...agents].filter(Boolean).join(' '),
    );
    if (named) return named;
  }
  return null;
}

/** Identity assertions (CAWG) of the active manifest: who says to stand behind the media. Never a matter of integrity. */
export function identityOf(
  active: Manifest | undefined,
  statuses: ActiveStatuses,
): C2paIdentity | null {
  const assertions = (active?.assertions ?? []).filter(({ label }) =>
    label.startsWith('cawg.identity'),
  );
  if (assertions.length === 0) return null;
  const { identityFailure, identitySuccess } = statuses;
  const state = identityFailure.some((code) => !NOT_A_FAULT.test(code))
    ? 'invalid'
    : identityFailure.some((code) => NEEDS_NETWORK.test(code))
      ? 'needs_network'
      : identitySuccess.some((code) => IDENTITY_VALID.test(code))
        ? 'validated'
        : 'present';
  const names = assertions.flatMap(({ data }) => identityNames(data)).slice(0, MAX_NAMES);
  return { state, names: [...new Set(names)] };
}

const NEEDS_NETWORK = /^cawg\.ica\.did_unavailable$/;
/** The identity's certificate is on no trust list, or its issuer's address was not looked up: the identity is unconfirmed, not false. */
const NOT_A_FAULT =
  /^(?:(?:cawg|signingCredential|timeStamp)\..*(?:unavailable|untrusted|untrusted_issuer|expired|ocsp.*)|cawg\.identity\.sig_type\.unknown)$/;
const IDENTITY_VALID = /^cawg\.(?:x509\.signature\.validated|ica\.credential_valid)$/;

function identityNames(data: unknown): string[] {
  const verified = listOf(data, 'verifiedIdentities').map((identity) => {
    const provider = textOf(fieldOf(identity, 'provider'), 'name');
    const name = textOf(identity, 'name') ?? textOf(identity, 'username');
    return [provider, name].filter(Boolean).join(': ');
  });
  const certificate = fieldOf(data, 'signature_info');
  const subject = textOf(certificate, 'common_name') ?? textOf(certificate, 'issuer');
  return [...verified, subject ?? ''].filter((name) => name !== '');
}

function fieldOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, key: string): string | null {
  return printableOrNull(fieldOf(value, key));
}

/** Version 1 actions name their software as text, version 2 as an object. */
function agentOf(action: unknown): string | null {
  return (
    textOf(action, 'softwareAgent') ?? textOf(fieldOf(action, 'softwareAgent'), 'name') ?? null
  );
}
