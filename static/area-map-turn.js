/* Places that a click turns, and the line beneath the map that says what comes of it. The server sends ahead what
   every single next click would do; nothing is counted here, and until the server has seen two clicks it is not known. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var COUNTING = "Counting\u2026";

  parts.turning = {
    buildStatus: function () {
      this.turned = new Set();
      this.status = document.createElement("p");
      this.status.className = "am-status";
      this.status.setAttribute("role", "status"); // and so polite
      this.status.hidden = true;
      document.body.appendChild(this.status);
    },

    /* The same words are not written again, so that nothing flickers and nothing is announced twice. */
    setStatus: function (text) {
      if (this.status.textContent !== text) this.status.textContent = text;
      this.status.hidden = !text;
      this.status.classList.toggle("am-hint", !!this.state.turns && text === this.state.turns.hint);
      this.container.classList.toggle("am-told", !!text);
    },

    /* What the clicks that the server has not seen come to: a place that was clicked twice is as it was. */
    countTurns: function () {
      var s = this.state, turns = s.turns, turned = new Set(), points = this.pointSource || [];
      if (turns) this.pending.forEach(function (event) {
        if (event.kind !== "place") return;
        var id = event.codes[0];
        if (!turned.delete(id)) turned.add(id);
      });
      this.turned = turned;
      this.kindsNow = s.pointKinds;
      if (turned.size) this.kindsNow = Array.from(s.pointKinds, function (kind, i) {
        return points[i] && turned.has(points[i][4]) ? turns.kinds[parseInt(kind, 36)] : kind;
      }).join("");
      var said = s.status || "", fills = s.fills;
      if (turned.size === 1) {
        var row = points.findIndex(function (point) { return turned.has(point[4]); });
        said = (turns.said || [])[row] || COUNTING;
        fills = (turns.fills || [])[row] || fills;
      } else if (turned.size) {
        said = COUNTING;
        fills = null;
      }
      this.setStatus(said);
      if (turns && fills) this.classes = parts.decodeClasses(fills, this.geometry.count);
    }
  };
})();
