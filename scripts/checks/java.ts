import { command } from '../lib/command.js';

/** Fails with one line when no Java 11 or later is on the path. */
export async function requireJava(): Promise<string> {
  const java = process.env['JAVA_HOME'] ? `${process.env['JAVA_HOME']}/bin/java` : 'java';
  const version = await command(java, ['-version']).catch(() => null);
  const major = Number(/version "(\d+)/.exec(version?.stderr ?? '')?.[1] ?? 0);
  if (major < 11) {
    throw new Error(
      `Expected Java 11 or later for the Apex checks but found ${major === 0 ? 'none' : `Java ${major}`}. ` +
        'Install a JDK (Debian: "apt-get install default-jre-headless") or set JAVA_HOME.',
    );
  }
  return java;
}
