import { fileStore } from './file-store.ts';

/** Tables that people uploaded, until they are read. */
const files = fileStore('uploads');

export type { StoredFile } from './file-store.ts';
export const storeUpload = files.store;
export const uploadPath = files.path;
export const openUpload = files.read;
export const readHead = files.head;
export const removeUpload = files.remove;
export const listUploads = files.list;
