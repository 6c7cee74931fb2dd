/** What the platform does for single objects, by object name. */
import type { Database } from '../database.js';
import {
  ContentDistributionBehaviour,
  ContentDocumentLinkBehaviour,
} from '../files/content-links.js';
import {
  ContentDocumentBehaviour,
  ContentVersionBehaviour,
  type FileAddress,
} from '../files/content-version.js';
import type { ObjectBehaviour } from '../save-types.js';
import { CASE, OPPORTUNITY, TASK } from './closing.js';
import { PERSON, USER } from './names.js';
import { ATTACHMENT, SHARE, permissionSetAssignment, setupEntityAccess } from './setup.js';

export function createBehaviours(
  database: Database,
  address: FileAddress,
): ReadonlyMap<string, ObjectBehaviour> {
  const behaviours = new Map<string, ObjectBehaviour>([
    ['User', USER],
    ['Contact', PERSON],
    ['Lead', PERSON],
    ['Case', CASE],
    ['Opportunity', OPPORTUNITY],
    ['Task', TASK],
    ['Attachment', ATTACHMENT],
    ['AccountShare', SHARE],
    ['CaseShare', SHARE],
    ['OpportunityShare', SHARE],
    ['PermissionSetAssignment', permissionSetAssignment(database)],
    ['SetupEntityAccess', setupEntityAccess(database)],
    ['ContentVersion', new ContentVersionBehaviour(database, address)],
    ['ContentDocument', new ContentDocumentBehaviour(database)],
    ['ContentDocumentLink', new ContentDocumentLinkBehaviour(database)],
    ['ContentDistribution', new ContentDistributionBehaviour(database, address)],
  ]);
  for (const { fullName, kind } of database.schema.project.objects.values()) {
    if (kind === 'custom') behaviours.set(fullName.replace(/__c$/i, '__Share'), SHARE);
  }
  return behaviours;
}
