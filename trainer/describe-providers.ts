import { describeProviders } from './execution-provider.ts';

// Prints one line of JSON. A program of its own, since only the trainer loads ONNX Runtime and main wants to know.
process.stdout.write(`${JSON.stringify(describeProviders())}\n`);
