import { lightningBundle } from '../lightning/build/lightning-bundle.js';
import { cacheFolderOf, createOrg } from '../org/org.js';
import { orgNames } from '../org/org-names.js';
import { note, print } from './output.js';

export async function build({ project }: { project: string }): Promise<void> {
  const started = performance.now();
  const org = createOrg({ projectFolder: project });
  const { folders } = await lightningBundle({
    project: org.project,
    names: orgNames(org),
    cacheFolder: cacheFolderOf(project),
    report: note,
  });
  org.close();
  for (const { folder } of folders) print(folder);
  note(
    `Built ${org.project.lwc.length} components in ${Math.round(performance.now() - started)} ms.`,
  );
}
