const { join } = require('node:path');

const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

/** Unit tests of the Lightning Web Components. */
module.exports = {
  ...jestConfig,
  rootDir: join(__dirname, '..', '..'),
  roots: ['<rootDir>/force-app'],
  modulePathIgnorePatterns: [
    '<rootDir>/local-org',
    '<rootDir>/detector-service',
    '<rootDir>/.local-org',
  ],
  setupFilesAfterEnv: ['<rootDir>/config/jest/accessibility.cjs'],
};
