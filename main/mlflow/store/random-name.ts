import { randomInt } from 'node:crypto';

const ADJECTIVES =
  'able amber bold brave bright brisk calm clean clear clever crisp deft eager early even fair fast fine firm fleet fresh gentle glad grand great green handy happy honest keen kind light lively lucid mellow merry mild neat noble open patient plain polite proud quick quiet rapid ready rich robust rosy serene sharp silent sleek smooth snug solid sound spry steady still sunny sure swift tidy upbeat vivid warm wise witty'.split(
    ' ',
  );
const NOUNS =
  'ant auk bat bear bee bison boar carp cat clam cod colt crab crane crow deer dolphin dove duck eagle eel elk falcon fawn finch fish fox frog gnu goat goose grouse gull hare hawk hen heron horse ibis jay kite koala lamb lark loon lynx mink mole moose moth mouse mule newt owl ox panda perch pike pony pug quail ram rat raven robin seal shark sheep shrew skink slug snail squid stag stork swan tern toad trout vole wasp whale wolf wren yak zebra'.split(
    ' ',
  );

/** A name for a run that has none: adjective-noun-number, as MLflow gives them. */
export function makeRandomName(): string {
  const pick = (words: readonly string[]): string => words[randomInt(words.length)]!;
  return `${pick(ADJECTIVES)}-${pick(NOUNS)}-${randomInt(1000)}`;
}
