const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

/** Unit tests of the Lightning Web Components; the workspaces have jest configurations of their own. */
module.exports = {
  ...jestConfig,
  roots: ['<rootDir>/force-app'],
  modulePathIgnorePatterns: [
    '<rootDir>/local-org',
    '<rootDir>/detector-service',
    '<rootDir>/.local-org',
  ],
  setupFilesAfterEnv: ['<rootDir>/config/jest/accessibility.cjs'],
};
