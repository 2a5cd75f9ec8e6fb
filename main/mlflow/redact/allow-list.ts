import type { ArtifactKind, HeldBackItem, SendingPolicy } from '../../../common/api/remotes.ts';
import type { DatasetInput, KeyValue } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { findConcern, findModelConcern, type LocalNames } from './find-concern.ts';

/** Files that say what was trained and how well; logs and pictures of patients stay unless somebody lets them go. */
export const DEFAULT_POLICY: SendingPolicy = {
  artifacts: ['config', 'stats', 'leaderboard', 'model'],
  tags: [],
  registeredModels: false,
  userName: false,
};

/** Why something stays, or that it may go. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly rule: string };

export type HeldBack = Omit<HeldBackItem, 'runId'>;

const { journalSeq: _ours, ...sentTags } = OUTERLOOP_TAGS;

/** Tags whose meaning is known. */
const TAGS: readonly string[] = [
  ...Object.values(sentTags),
  MLFLOW_TAGS.runName,
  MLFLOW_TAGS.note,
  MLFLOW_TAGS.parentRunId,
  MLFLOW_TAGS.sourceType,
  MLFLOW_TAGS.sourceName,
  MLFLOW_TAGS.experimentKind,
  MLFLOW_TAGS.primaryMetric,
  MLFLOW_TAGS.primaryMetricIsGreater,
  'mlflow.runColor',
];
/** Tags that go between this machine and MLflow: another machine's would say nothing. */
const SILENT: readonly string[] = [
  OUTERLOOP_TAGS.journalSeq,
  MLFLOW_TAGS.loggedModels,
  MLFLOW_TAGS.modelVersions,
];
/** Tags whose values are ids of ours. */
const IDS: readonly string[] = [
  OUTERLOOP_TAGS.runUid,
  OUTERLOOP_TAGS.modelUid,
  OUTERLOOP_TAGS.versionUid,
  MLFLOW_TAGS.parentRunId,
];

/** Letters of a setting: no accents, no control characters, nothing that only prose has. */
const SETTING = /^[\w .,:;+\-*/%()[\]{}'"=@#<>!?|&$^~\\\n]*$/;
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const SEED = /(?:^|[/._])(?:random_)?seed$/i;
const LONGEST_SETTING = 1000;

/** Decides what of the runs may leave this machine, by kind; what it does not know stays. */
export class AllowList {
  readonly #policy: SendingPolicy;
  readonly #names: LocalNames;

  constructor(policy: SendingPolicy, names: LocalNames) {
    this.#policy = policy;
    this.#names = names;
  }

  /** Whether registered models go at all. */
  get sendsRegisteredModels(): boolean {
    return this.#policy.registeredModels;
  }

  /** Keys of metrics and params, names of runs and experiments. */
  judgeName(name: string): Verdict {
    return this.#judgeText(name);
  }

  judgeParam({ key, value }: KeyValue): Verdict {
    const named = this.#judgeText(key);
    if (!named.ok) return named;
    if (SEED.test(key) && NUMBER.test(value)) return allowed;
    if (value.length > LONGEST_SETTING || !SETTING.test(value)) return held('a text that is no setting');
    return this.#judgeText(value);
  }

  judgeTag({ key, value }: KeyValue): Verdict {
    if (key === MLFLOW_TAGS.user) return this.#policy.userName ? allowed : held("the user's name");
    if (!TAGS.includes(key) && !this.#policy.tags.includes(key)) return held('a tag that is not on the list');
    // an id of ours, and the number that seeds a search
    return IDS.includes(key) ? allowed : this.#judgeText(value);
  }

  /** Tags that are meant for this machine alone: they stay, and nobody misses them. */
  isSilent(key: string): boolean {
    return SILENT.includes(key);
  }

  judgeArtifact(path: string): Verdict & { readonly kind?: ArtifactKind } {
    const kind = kindOfArtifact(path);
    if (kind === undefined) return held('a kind of file that is not on the list');
    const named = this.#judgeText(path);
    if (!named.ok) return named;
    return this.#policy.artifacts.includes(kind)
      ? { ok: true, kind }
      : held(`a ${kind}: not sent to this server`);
  }

  /** The data set without its source, where that could be a place, and without its schema, which names columns. */
  reduceDataset(input: DatasetInput): { readonly input?: DatasetInput; readonly held: readonly HeldBack[] } {
    const { name, digest, source, source_type, profile, schema } = input.dataset;
    const holds = (rule: string): HeldBack => ({ kind: 'dataset', key: digest, rule });
    const named = this.#judgeText(name);
    if (!named.ok || !/^[\w.-]+$/.test(digest))
      return { held: [holds(named.ok ? 'a digest of another form' : named.rule)] };
    const isOurs = source_type === 'outerloop' && this.#isPlain(source);
    const dataset = {
      name,
      digest,
      source_type: isOurs ? source_type : 'held back',
      source: isOurs ? source : '{}',
      ...(profile !== undefined && this.#isPlain(profile) ? { profile } : {}),
    };
    const tags = input.tags.filter(
      (tag) => this.#judgeText(tag.value).ok && tag.key === MLFLOW_TAGS.dataContext,
    );
    const rules = [
      isOurs ? '' : 'the source of a data set',
      schema === undefined ? '' : 'the schema of a data set',
      profile === undefined || this.#isPlain(profile) ? '' : 'the profile of a data set',
    ].filter((rule) => rule !== '');
    return { input: { dataset, tags }, held: rules.map(holds) };
  }

  /** A text of a file: what {@link findConcern} finds in it. */
  judgeContent(text: string): Verdict {
    return this.#judgeText(text);
  }

  /** The bytes of a model: what {@link findModelConcern} finds in them. */
  async judgeModel(parts: AsyncIterable<Uint8Array>): Promise<Verdict> {
    const concern = await findModelConcern(parts, this.#names);
    return concern === undefined ? allowed : held(concern);
  }

  /** A JSON object of numbers and digests, each under a plain name. */
  #isPlain(json: string): boolean {
    const value = parseJson(json);
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(
        ([key, item]: readonly [string, unknown]) =>
          /^\w+$/.test(key) &&
          this.#judgeText(key).ok &&
          (typeof item === 'number' || (typeof item === 'string' && DIGEST.test(item))),
      )
    );
  }

  #judgeText(text: string): Verdict {
    const concern = findConcern(text, this.#names);
    return concern === undefined ? allowed : held(concern);
  }
}

const allowed = { ok: true } as const;
const held = (rule: string): { readonly ok: false; readonly rule: string } => ({ ok: false, rule });

/** What a file of a run is, by its path; undefined for what is not known. */
export function kindOfArtifact(path: string): ArtifactKind | undefined {
  const kinds: readonly (readonly [ArtifactKind, RegExp])[] = [
    ['config', /^config_\w+\.json$/],
    ['stats', /^train_stats\.json$/],
    ['leaderboard', /^leaderboard\.(?:json|csv)$/],
    ['model', /^model\/(?:MLmodel|model\.onnx|conda\.yaml|python_env\.yaml|requirements\.txt)$/],
    ['log', /^[\w.-]+\.(?:txt|log)$/],
    ['image', /\.(?:png|jpe?g)$/i],
  ];
  return kinds.find(([, pattern]) => pattern.test(path))?.[0];
}

/** Hexadecimal; a date or a number of a patient has digits alone, and fewer. */
const DIGEST = /^(?=.*[a-f]|.{16})[0-9a-f]{8,64}$/;

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
