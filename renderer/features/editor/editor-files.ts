export const TRAIN_CONFIG = 'config/config_train.json';
export const ENVIRONMENT = 'config/environment.json';
export const AUTOML_CONFIG = 'config/config_automl.json';
