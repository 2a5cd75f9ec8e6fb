import { describe, expect, it } from 'vitest';
import { trackingApi } from '../../../common/api/tracking.ts';
import { SharedStore } from '../../../main/mlflow/shared-store.ts';
import { trackingRoute } from '../../../main/resources/tracking.ts';
import { createTrackingService } from '../../../main/services/tracking.ts';
import { makeFolder, makeStore } from '../mlflow/make-store.ts';

/** A store with a search of two jobs, one of them with a curve, files and a model. */
function makeTracking() {
  const folder = makeFolder();
  const store = makeStore({}, folder);
  const experiment = store.experiments.create({
    name: 'hippocampus',
    tags: [
      { key: 'mlflow.note.content', value: '# Why' },
      { key: 'mlflow.experiment.primaryMetric.name', value: 'dice' },
      { key: 'project', value: 'p1' },
    ],
  });
  const search = store.runs.create({ experiment_id: experiment, run_name: 'search', start_time: 1000 });
  const job = store.runs.create({
    experiment_id: experiment,
    run_name: 'job 1',
    start_time: 2000,
    user_id: 'ana',
    tags: [
      { key: 'mlflow.parentRunId', value: search.info.run_id },
      { key: 'kind', value: 'job' },
    ],
  });
  const id = job.info.run_id;
  const points = Array.from({ length: 900 }, (_, step) => ({
    key: 'dice',
    value: step / 900,
    timestamp: 3000 + step,
    step,
  }));
  store.runs.logBatch({ run_id: id, metrics: points, params: [{ key: 'lr', value: '0.1' }] });
  store.runs.logMetric(id, { key: 'loss', value: NaN, timestamp: 1, step: 4 });
  store.runs.update({ run_id: id, status: 'FINISHED', end_time: 5000 });
  const model = store.loggedModels.create({ experiment_id: experiment, name: 'net', source_run_id: id });
  store.inputs.logOutputs({ run_id: id, models: [{ model_id: model.info.model_id, step: 7 }] });
  const shared = new SharedStore(folder);
  const service = createTrackingService(shared);
  return {
    store,
    experiment,
    search: search.info.run_id,
    job: id,
    model: model.info.model_id,
    shared,
    service,
  };
}

const call = { signal: new AbortController().signal };

describe('the tracking service', () => {
  it('lists experiments with how their runs stand', async () => {
    const { service, experiment } = makeTracking();
    const rows = trackingApi.experiments.output.parse(await service.experiments({ view: 'active' }, call));
    expect(rows.find((row) => row.experiment === experiment)).toMatchObject({
      name: 'hippocampus',
      note: '# Why',
      tags: { project: 'p1' },
      primaryMetric: { name: 'dice', isGreaterBetter: true },
      runs: { total: 2, running: 1, failed: 0 },
    });
  });

  it('searches runs of all experiments with paging, and says what columns there are', async () => {
    const { service, search, job } = makeTracking();
    const ask = { experiments: [], filter: '', orderBy: [], view: 'active', limit: 1 } as const;
    const first = trackingApi.runs.output.parse(
      await service.runs({ ...ask, experiments: [], orderBy: [] }, call),
    );
    expect(first.runs.map(({ run }) => run)).toEqual([job]);
    const second = await service.runs({ ...ask, experiments: [], orderBy: [], page: first.nextPage }, call);
    expect(second.runs.map(({ run }) => run)).toEqual([search]);
    expect(first.runs[0]).toMatchObject({
      name: 'job 1',
      parent: search,
      status: 'FINISHED',
      seconds: 3,
      startedAt: '1970-01-01T00:00:02.000Z',
      user: 'ana',
      metrics: { dice: 899 / 900, loss: null },
      params: { lr: '0.1' },
      tags: { kind: 'job' },
    });
    expect(await service.columns({ experiments: [] }, call)).toEqual({
      metrics: ['dice', 'loss'],
      params: ['lr'],
      tags: ['kind'],
    });
    expect((await service.runsById({ runs: [job, 'nobody', search] }, call)).map(({ run }) => run)).toEqual([
      job,
      search,
    ]);
  });

  it('shows a run with what belongs to it', async () => {
    const { service, search, job, model } = makeTracking();
    const detail = trackingApi.run.output.parse(await service.run({ run: search }, call));
    expect(detail.children).toEqual([{ run: job, name: 'job 1', status: 'FINISHED' }]);
    expect(detail.experimentName).toBe('hippocampus');
    const child = await service.run({ run: job }, call);
    expect(child.models).toEqual([{ model, name: 'net', state: 'pending', step: 7 }]);
    expect(child.latest.map(({ key, step }) => [key, step])).toEqual([
      ['dice', 899],
      ['loss', 4],
    ]);
  });

  it('thins histories out, with their ends', async () => {
    const { service, job } = makeTracking();
    const series = trackingApi.histories.output.parse(
      await service.histories({ runs: [job], metrics: ['dice', 'loss', 'absent'], points: 10 }, call),
    );
    expect(series.map(({ metric, total }) => [metric, total])).toEqual([
      ['dice', 900],
      ['loss', 1],
    ]);
    expect(series[0]!.steps).toHaveLength(10);
    expect(series[0]!.steps.at(0)).toBe(0);
    expect(series[0]!.steps.at(-1)).toBe(899);
    expect(series[1]!.values).toEqual([null]);
  });

  it('lists files and hands them out, as downloads unless they may be shown', async () => {
    const { service, store, job, shared } = makeTracking();
    const root = `${store.runs.get(job).info.experiment_id}/${job}/artifacts`;
    await store.artifacts.write(`${root}/dir/a b.txt`, 'text');
    await store.artifacts.write(`${root}/page.html`, '<script>');
    const top = await service.artifacts({ of: { run: job }, path: '' }, call);
    expect(top.map(({ name, isFolder, sizeBytes }) => [name, isFolder, sizeBytes])).toEqual([
      ['dir', true, undefined],
      ['page.html', false, 8],
    ]);
    const [file] = await service.artifacts({ of: { run: job }, path: 'dir' }, call);
    expect(file!.url).toBe(`/resource/tracking/run/${job}/dir/a%20b.txt`);
    const route = trackingRoute(shared);
    const fetchFile = (path: readonly string[], show = '') =>
      route.handle(new Request(`http://x/resource/tracking${show}`), ['run', job, ...path]);
    const shown = await fetchFile(['dir', 'a b.txt'], '?show=1');
    expect([shown.headers.get('Content-Type'), await shown.text()]).toEqual([
      'text/plain; charset=utf-8',
      'text',
    ]);
    const page = await fetchFile(['page.html'], '?show=1');
    expect(page.headers.get('Content-Type')).toBe('application/octet-stream');
    expect(page.headers.get('Content-Disposition')).toContain('attachment');
    await page.body?.cancel();
    await expect(fetchFile(['absent.txt'])).rejects.toThrow('no such file');
    await expect(fetchFile(['..', '..', '..', 'mlflow.db'])).rejects.toThrow('Invalid path');
    await expect(route.handle(new Request('http://x/'), ['run', 'nobody', 'a'])).rejects.toThrow(
      'no such file',
    );
    shared.close();
  });

  it('changes what a user may change, all of it or nothing', async () => {
    const { service, store, job, search, experiment, shared } = makeTracking();
    await service.renameRun({ run: job, name: 'better' }, call);
    await service.setRunNote({ run: job, note: 'good' }, call);
    await service.setRunTag({ run: job, key: 'seen', value: 'yes' }, call);
    await service.setRunTag({ run: job, key: 'kind', value: null }, call);
    expect(await service.run({ run: job }, call)).toMatchObject({
      name: 'better',
      note: 'good',
      tags: { seen: 'yes' },
    });
    await expect(service.deleteRuns({ runs: [search, 'nobody'] }, call)).rejects.toThrow(
      'Run with id=nobody not found',
    );
    expect(store.runs.get(search).info.lifecycle_stage).toBe('active');
    await service.deleteRuns({ runs: [search, job] }, call);
    await service.restoreRuns({ runs: [job] }, call);
    expect(store.runs.search({ experiment_ids: [experiment] }).items).toHaveLength(1);
    await service.renameExperiment({ experiment, name: 'other' }, call);
    await service.setExperimentNote({ experiment, note: 'n' }, call);
    await service.deleteExperiment({ experiment }, call);
    const deleted = await service.experiments({ view: 'deleted' }, call);
    expect(deleted).toMatchObject([{ name: 'other', note: 'n', isDeleted: true }]);
    await service.restoreExperiment({ experiment }, call);
    shared.close();
  });

  it('says what is wrong with a search in the words of MLflow', async () => {
    const { service, shared } = makeTracking();
    const ask = { experiments: [], filter: "colour = 'red'", orderBy: [], view: 'active', limit: 1 } as const;
    const asked = service.runs({ ...ask, experiments: [], orderBy: [] }, call);
    await expect(asked).rejects.toMatchObject({ faults: [{ code: 'tracking-request' }] });
    await expect(service.run({ run: 'nobody' }, call)).rejects.toMatchObject({
      faults: [{ code: 'run-not-found' }],
    });
    shared.close();
  });

  it('tells when the store has changed, by others too', async () => {
    const { service, store, job, shared } = makeTracking();
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const { version } of service.changes({}, { signal: controller.signal })) {
      seen.push(version);
      if (seen.length === 1) store.runs.setTag(job, { key: 'a', value: 'b' });
      else controller.abort();
    }
    expect(new Set(seen).size).toBe(2);
    shared.close();
  });
});
