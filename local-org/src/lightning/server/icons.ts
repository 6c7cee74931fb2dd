/** Icons of the platform's objects; the package's own come with their tabs. */
const STANDARD: Readonly<Record<string, string>> = {
  Account: 'standard:account',
  Contact: 'standard:contact',
  Lead: 'standard:lead',
  Opportunity: 'standard:opportunity',
  Case: 'standard:case',
  User: 'standard:user',
  ContentDocument: 'standard:file',
  ContentVersion: 'standard:file',
  EmailMessage: 'standard:email',
  Task: 'standard:task',
};

export const iconOf = (object: string): string => STANDARD[object] ?? 'standard:record';
