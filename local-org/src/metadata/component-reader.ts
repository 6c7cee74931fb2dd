/** Reads labels, custom metadata records, templates, notification types, static resources and Apex sources. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readPicklistValues } from './object-reader.js';
import type {
  ApexSource,
  CustomLabel,
  CustomMetadataRecord,
  CustomNotificationType,
  EmailTemplate,
  GlobalValueSet,
  StaticResource,
} from './types.js';
import { MetadataError, readMetadataFile, type MetadataNode } from './xml.js';

export function readLabels(node: MetadataNode): readonly CustomLabel[] {
  return node.children('labels').map((label) => ({
    fullName: label.requiredText('fullName'),
    file: node.file,
    value: label.requiredText('value'),
    language: label.text('language') ?? 'en_US',
    shortDescription: label.text('shortDescription') ?? '',
    categories: label.text('categories'),
    protected: label.boolean('protected'),
  }));
}

export function readGlobalValueSet(fullName: string, node: MetadataNode): GlobalValueSet {
  return {
    fullName,
    file: node.file,
    label: node.text('masterLabel') ?? fullName,
    picklist: { restricted: true, values: readPicklistValues(node, 'customValue') },
  };
}

/** @param fullName `Type.Record`, as in the file's name */
export function readCustomMetadata(fullName: string, node: MetadataNode): CustomMetadataRecord {
  const [type, developerName] = fullName.split('.');
  if (!type || !developerName) {
    throw new MetadataError(
      node.file,
      'CustomMetadata',
      'the file must be named Type.Record.md-meta.xml',
    );
  }
  const values = new Map<string, string | null>();
  for (const entry of node.children('values')) {
    const field = entry.requiredText('field');
    const value = entry.content['value']?.[0];
    if (value === undefined) values.set(field, null);
    else if (typeof value === 'string') values.set(field, value === '' ? null : value);
    else {
      const text = value['#text']?.[0];
      values.set(field, value['xsi:nil'] || typeof text !== 'string' ? null : text);
    }
  }
  return {
    type: `${type}__mdt`,
    developerName,
    label: node.text('label') ?? developerName,
    protected: node.boolean('protected'),
    file: node.file,
    values,
  };
}

export function readNotificationType(fullName: string, node: MetadataNode): CustomNotificationType {
  return {
    fullName,
    file: node.file,
    label: node.text('masterLabel') ?? node.text('customNotifTypeName') ?? fullName,
    description: node.text('description'),
    desktop: node.boolean('desktop'),
    mobile: node.boolean('mobile'),
  };
}

/** The file a `-meta.xml` describes; missing is an error that names it. */
function contentFile(metaPath: string, shown: string): string {
  const file = metaPath.replace(/-meta\.xml$/, '');
  if (!existsSync(file)) {
    throw new MetadataError(
      shown,
      'content',
      `expected the file ${path.basename(file)} beside this one`,
    );
  }
  return file;
}

export function readApexSource(metaPath: string, node: MetadataNode): ApexSource {
  const file = contentFile(metaPath, node.file);
  return {
    name: path.basename(file).replace(/\.(cls|trigger)$/, ''),
    file: node.file.replace(/-meta\.xml$/, ''),
    source: readFileSync(file, 'utf8'),
    apiVersion: node.requiredText('apiVersion'),
    status: node.text('status') ?? 'Active',
  };
}

export function readEmailTemplate(metaPath: string, node: MetadataNode): EmailTemplate {
  const file = contentFile(metaPath, node.file);
  const developerName = path.basename(file).replace(/\.email$/, '');
  const parent = path.basename(path.dirname(file));
  const folder = parent === 'email' ? null : parent;
  return {
    fullName: folder ? `${folder}/${developerName}` : developerName,
    developerName,
    folder,
    file: node.file,
    name: node.text('name') ?? developerName,
    subject: node.text('subject'),
    body: readFileSync(file, 'utf8'),
    type: node.text('type') ?? 'text',
    style: node.text('style') ?? 'none',
    available: node.boolean('available'),
    encodingKey: node.text('encodingKey') ?? 'UTF-8',
    description: node.text('description'),
  };
}

export function readStaticResource(metaPath: string, node: MetadataNode): StaticResource {
  const folder = path.dirname(metaPath);
  const fullName = path.basename(metaPath).replace(/\.resource-meta\.xml$/, '');
  const content = readdirSync(folder).find(
    (entry) =>
      !entry.endsWith('-meta.xml') && (entry === fullName || entry.startsWith(`${fullName}.`)),
  );
  if (!content) {
    throw new MetadataError(
      node.file,
      'content',
      `expected a file or folder named ${fullName} beside it`,
    );
  }
  return {
    fullName,
    file: node.file,
    contentType: node.requiredText('contentType'),
    cacheControl: node.text('cacheControl') ?? 'Private',
    description: node.text('description'),
    content: path.posix.join(path.posix.dirname(node.file), content),
  };
}

/** `js-meta.xml` of a bundle, or null. */
export function readBundleMeta(folder: string, shownFolder: string): MetadataNode | null {
  const name = `${path.basename(folder)}.js-meta.xml`;
  const file = path.join(folder, name);
  return existsSync(file)
    ? readMetadataFile(file, `${shownFolder}/${name}`, ['LightningComponentBundle'])
    : null;
}
