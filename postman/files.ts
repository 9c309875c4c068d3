import { collection, COLLECTION_NAME, type Documents } from './collection.ts';
import { environment, ENVIRONMENT_NAME } from './environment.ts';

/** The files of this folder that are made, by name (contract: admin, "Postman Collection"). */
export function postmanFiles(documents: Documents): ReadonlyMap<string, string> {
  const text = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    [`${COLLECTION_NAME}.postman_collection.json`, text(collection(documents))],
    [`${ENVIRONMENT_NAME}.postman_environment.json`, text(environment())],
  ]);
}
