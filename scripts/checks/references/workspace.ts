import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Project } from '../../../local-org/src/metadata/index.js';
import { filesBelow } from '../../lib/files.js';

/** Components of the platform, by the namespace in front of the colon. */
const PLATFORM_COMPONENT = /^[a-z_]+:/;

/** Pages, tabs and applications name only what exists and what may stand there. */
export function checkPages(project: Project): string[] {
  const problems: string[] = [];
  const exposed = new Set(
    project.lwc.filter(({ meta }) => meta?.boolean('isExposed')).map(({ name }) => name),
  );
  const pages = new Set(project.raw('flexipage').map(({ fullName }) => fullName));
  const tabs = new Set(project.raw('tab').map(({ fullName }) => fullName));

  for (const { file, xml } of project.raw('flexipage')) {
    for (const region of xml.children('flexiPageRegions')) {
      for (const item of region.children('itemInstances')) {
        for (const component of item.children('componentInstance')) {
          const name = component.requiredText('componentName');
          if (!PLATFORM_COMPONENT.test(name) && !exposed.has(name)) {
            problems.push(`${file}: component ${name} does not exist or is not exposed`);
          }
        }
      }
    }
  }
  for (const { file, fullName, xml } of project.raw('tab')) {
    const page = xml.text('flexiPage');
    if (page !== null && !pages.has(page)) problems.push(`${file}: page ${page} does not exist`);
    if (xml.boolean('customObject') && !project.objects.has(fullName.toLowerCase())) {
      problems.push(`${file}: object ${fullName} does not exist`);
    }
  }
  for (const { file, xml } of project.raw('application')) {
    for (const tab of xml.texts('tabs')) {
      if (!tab.startsWith('standard-') && !tabs.has(tab))
        problems.push(`${file}: tab ${tab} does not exist`);
    }
    for (const override of xml.children('actionOverrides')) {
      const page = override.text('content');
      if (page !== null && !pages.has(page)) problems.push(`${file}: page ${page} does not exist`);
    }
  }
  return problems;
}

/** Lightning Web Components import only Apex methods, labels and bundles that exist. */
export function checkImports(project: Project): string[] {
  const problems: string[] = [];
  const bundles = new Set(project.lwc.map(({ name }) => name));
  const sources = new Map(project.classes.map(({ name, source }) => [name, source]));
  for (const { folder } of project.lwc) {
    const scripts = filesBelow(join(project.root, folder), (name) => /^[^_].*\.js$/.test(name));
    for (const script of scripts.filter((file) => !file.includes('__tests__'))) {
      const text = readFileSync(script, 'utf8');
      const report = (message: string): void => {
        problems.push(`${folder}: ${message}`);
      };
      for (const [, className = '', method = ''] of text.matchAll(
        /'@salesforce\/apex\/(\w+)\.(\w+)'/g,
      )) {
        const annotated = new RegExp(
          `@AuraEnabled[^)]*\\)?\\s+(?:public|global)\\s+static\\s+[^(;{]+\\b${method}\\s*\\(`,
        );
        if (!annotated.test(sources.get(className) ?? ''))
          report(`no @AuraEnabled ${className}.${method}`);
      }
      for (const [, label = ''] of text.matchAll(/'@salesforce\/label\/c\.(\w+)'/g)) {
        if (!project.labels.has(label.toLowerCase())) report(`label ${label} does not exist`);
      }
      for (const [, bundle = ''] of text.matchAll(/from 'c\/(\w+)'/g)) {
        if (!bundles.has(bundle)) report(`component c/${bundle} does not exist`);
      }
    }
  }
  return problems;
}

/** A label nobody shows is a sentence that somebody still translates. */
export function checkUnusedLabels(project: Project): string[] {
  const used = new Set<string>();
  const texts = [
    ...project.classes.map(({ source }) => source),
    ...project.triggers.map(({ source }) => source),
    ...filesBelow(join(project.root, 'force-app'), (name) =>
      /\.(js|flow-meta\.xml|field-meta\.xml)$/.test(name),
    ).map((file) => readFileSync(file, 'utf8')),
  ];
  for (const text of texts) {
    for (const [, name = ''] of text.matchAll(/(?:Label\.|label\/c\.)(\w+)/g))
      used.add(name.toLowerCase());
  }
  return [...project.labels.values()]
    .filter(({ fullName }) => !used.has(fullName.toLowerCase()))
    .map(({ file, fullName }) => `${file}: label ${fullName} is used nowhere`);
}
