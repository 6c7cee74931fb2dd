/** `FileType` and `FileExtension` of a file, which the platform takes from its name alone. */

/** Extensions whose type is not the extension in capitals. (Object Reference, ContentVersion.FileType.) */
const TYPES: Readonly<Record<string, string>> = {
  doc: 'WORD',
  docx: 'WORD_X',
  dot: 'WORD_T',
  htm: 'HTML',
  html: 'HTML',
  jpeg: 'JPG',
  jpg: 'JPG',
  mpeg: 'MPEG',
  ppt: 'POWER_POINT',
  pptx: 'POWER_POINT_X',
  tif: 'TIFF',
  txt: 'TEXT',
  xls: 'EXCEL',
  xlsx: 'EXCEL_X',
};

const BY_EXTENSION: ReadonlySet<string> = new Set(
  (
    'aac ai aiff avi bmp css csv eps exe flac flv gif gzip heic java js json m4a m4v mov mp3 mp4 mpg msg ogg pdf png ' +
    'psd rar rtf svg swf tar tgz tiff visio wav webm webp wma wmv xml zip'
  ).split(' '),
);

export function fileExtension(pathOnClient: string): string | null {
  const name = pathOnClient.split(/[\\/]/).at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1) : null;
}

export function fileType(extension: string | null): string {
  const key = extension?.toLowerCase() ?? '';
  return TYPES[key] ?? (BY_EXTENSION.has(key) ? key.toUpperCase() : 'UNKNOWN');
}

/** The name of a file without folders and extension. */
export function fileTitle(pathOnClient: string): string {
  const name = pathOnClient.split(/[\\/]/).at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
