/** What the project lets in. Names are SPDX licence ids. */

/** Permissive: may ship without a word beyond their notices. */
export const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Zlib',
];

/** Ask for more, and are met in the way that THIRD_PARTY.md says for each package. */
export const EXPLAINED = ['LGPL-3.0-or-later', 'MPL-2.0'];

/** Also for tools that build and test and do not ship. Salesforce's terms come with its own test runner for components. */
export const FOR_TOOLS = [
  ...EXPLAINED,
  'LicenseRef-Salesforce-Terms-of-Use',
  'Artistic-2.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'GPL-3.0-or-later',
  'Python-2.0',
];

/** As their own package files and licence texts say it, where the lock file says nothing or no SPDX expression. */
export const STATED: Readonly<Record<string, string>> = {
  '@lwc/state': 'LicenseRef-Salesforce-Terms-of-Use',
  '@lwc/state-test-utils': 'LicenseRef-Salesforce-Terms-of-Use',
  busboy: 'MIT',
  exit: 'MIT',
  'libheif-js': 'LGPL-3.0-or-later',
  'qrcode-terminal': 'Apache-2.0',
  streamsearch: 'MIT',
};
