const BUILD = {};
