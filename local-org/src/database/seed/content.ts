/** Custom metadata records, record types, e-mail templates and static resources as rows. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { MetadataError } from '../../metadata/index.js';
import { ApexBlob, type FieldValue } from '../../values/values.js';
import { FieldValueError, parseValue } from '../field-values.js';
import type { Seeder } from './seeder.js';

export function seedCustomMetadata(seeder: Seeder): void {
  const { schema } = seeder.database;
  const { namespace } = schema.project;
  const kept = new Map<string, Set<string>>();
  for (const object of schema.project.objects.values()) {
    if (object.kind === 'customMetadata') kept.set(object.fullName, new Set());
  }
  for (const source of schema.project.customMetadata) {
    const object = schema.object(source.type);
    if (!object)
      throw new MetadataError(
        source.file,
        'CustomMetadata',
        `is of the unknown type ${source.type}`,
      );
    const values: Record<string, FieldValue> = {
      MasterLabel: source.label,
      Label: source.label,
      Language: 'en_US',
      NamespacePrefix: namespace || null,
      QualifiedApiName: schema.qualifiedName(source.developerName),
    };
    for (const field of object.fields) {
      if (field.type === 'boolean' && field.custom)
        values[field.name] = field.defaultValue === true;
    }
    for (const [name, text] of source.values) {
      const field = schema.field(object.name, name);
      if (!field)
        throw new MetadataError(source.file, 'field', `${name} is no field of ${object.name}`);
      try {
        values[field.name] = parseValue(field, text);
      } catch (error) {
        if (!(error instanceof FieldValueError)) throw error;
        throw new MetadataError(source.file, 'value', `of ${name} does not fit: ${error.message}`);
      }
    }
    const id = seeder.put(object.name, { DeveloperName: source.developerName }, values);
    kept.get(object.name)?.add(id);
  }
  for (const [object, ids] of kept) seeder.keepOnly(object, ids);
}

export function seedRecordTypes(seeder: Seeder): void {
  for (const { fullName, recordTypes } of seeder.database.schema.project.objects.values()) {
    for (const type of recordTypes) {
      seeder.put(
        'RecordType',
        { SobjectType: fullName, DeveloperName: type.fullName },
        { Name: type.label, IsActive: type.active, Description: type.description },
      );
    }
  }
}

export function seedEmailTemplates(seeder: Seeder, organizationId: string): void {
  for (const template of seeder.database.schema.project.emailTemplates) {
    const folderId =
      template.folder === null || template.folder.startsWith('unfiled')
        ? organizationId
        : seeder.put(
            'Folder',
            { DeveloperName: template.folder },
            { Name: template.folder.replace(/_/g, ' '), Type: 'Email', AccessType: 'Public' },
          );
    const isHtml = template.type !== 'text' && template.type !== 'visualforce';
    seeder.put(
      'EmailTemplate',
      { DeveloperName: template.developerName },
      {
        Name: template.name,
        FolderId: folderId,
        TemplateType: template.type,
        TemplateStyle: template.style,
        Subject: template.subject,
        Body: isHtml ? null : template.body,
        HtmlValue: isHtml ? template.body : null,
        Encoding: template.encodingKey,
        Description: template.description,
        IsActive: template.available,
        NamespacePrefix: seeder.database.schema.project.namespace || null,
      },
    );
  }
}

export function seedStaticResources(seeder: Seeder): void {
  const { project } = seeder.database.schema;
  for (const resource of project.staticResources) {
    const body = readResource(path.join(project.root, resource.content));
    seeder.put(
      'StaticResource',
      { Name: resource.fullName },
      {
        Body: new ApexBlob(body),
        BodyLength: body.length,
        ContentType: resource.contentType,
        CacheControl: resource.cacheControl,
        Description: resource.description,
        NamespacePrefix: project.namespace || null,
      },
    );
  }
}

/** A file's bytes; a folder, which is how the source keeps an archive, is zipped again. */
function readResource(file: string): Buffer {
  if (!statSync(file).isDirectory()) return readFileSync(file);
  const files: Record<string, Uint8Array> = {};
  for (const name of readdirSync(file, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = path.join(file, name);
    if (statSync(full).isFile()) files[name.split(path.sep).join('/')] = readFileSync(full);
  }
  return Buffer.from(zipSync(files, { mtime: '1980-01-01' }));
}
