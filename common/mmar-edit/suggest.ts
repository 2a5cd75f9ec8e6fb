import type { TextPlace } from './find-node.ts';
import { suggestKeys } from './suggest-keys.ts';
import { suggestValues } from './suggest-values.ts';
import type { LanguageContext, Suggestion } from './suggestion.ts';

/** Keys or values that may stand at a place of a document. */
export function suggest(place: TextPlace, context: LanguageContext): readonly Suggestion[] {
  return place.isKeyPlace ? suggestKeys(place, context) : suggestValues(place, context);
}
