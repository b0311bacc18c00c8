//! Logistic regression with fixed offsets: the rules speak first, the weights correct them.

/// A row: feature number and value.
pub(crate) type Row = Vec<(u32, f32)>;

/// One decision to learn, by accelerated gradient descent (Nesterov) with a step that cannot overshoot.
pub(crate) struct Task<'a> {
    pub(crate) rows: &'a [Row],
    pub(crate) truth: Vec<bool>,
    pub(crate) offsets: Vec<f32>,
    /// How much each row counts.
    pub(crate) counts: Vec<f32>,
    /// How freely each feature may move (a prior spread).
    pub(crate) spread: &'a [f32],
    pub(crate) ridge: f32,
    pub(crate) rounds: usize,
}

/// The weights, and the bias last.
pub(crate) fn solve(task: &Task<'_>) -> (Vec<f32>, f32) {
    let n = task.spread.len();
    let lipschitz = 0.25 * largest(task) + task.ridge;
    let (mut w, mut ahead, mut bias, mut bias_ahead) = (vec![0.0f32; n], vec![0.0f32; n], 0.0f32, 0.0f32);
    let mut momentum = 1.0f32;
    let mut slope = vec![0.0f32; n];
    for _ in 0..task.rounds {
        slope.iter_mut().zip(&ahead).for_each(|(s, w)| *s = task.ridge * w);
        let mut bias_slope = 0.0;
        for (i, row) in task.rows.iter().enumerate() {
            let z: f32 =
                row.iter().map(|(j, x)| ahead[*j as usize] * x * task.spread[*j as usize]).sum::<f32>() + bias_ahead + task.offsets[i];
            let error = (1.0 / (1.0 + (-z).exp()) - f32::from(u8::from(task.truth[i]))) * task.counts[i];
            bias_slope += error;
            for (j, x) in row.iter() {
                slope[*j as usize] += error * x * task.spread[*j as usize];
            }
        }
        let next = (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) / 2.0;
        let pull = (momentum - 1.0) / next;
        momentum = next;
        let step = 1.0 / lipschitz;
        for j in 0..n {
            let new = ahead[j] - step * slope[j];
            ahead[j] = new + pull * (new - w[j]);
            w[j] = new;
        }
        let new = bias_ahead - step * bias_slope;
        bias_ahead = new + pull * (new - bias);
        bias = new;
    }
    (w.iter().zip(task.spread).map(|(w, s)| w * s).collect(), bias)
}

/// The largest eigenvalue of XᵀX with a column of ones, by power iteration.
fn largest(task: &Task<'_>) -> f32 {
    let mut v = vec![1.0f32; task.spread.len()];
    let (mut one, mut value) = (1.0f32, 1.0f32);
    for _ in 0..12 {
        let mut next = vec![0.0f32; v.len()];
        let mut next_one = 0.0;
        for (row, count) in task.rows.iter().zip(&task.counts) {
            let z = (row.iter().map(|(j, x)| v[*j as usize] * x * task.spread[*j as usize]).sum::<f32>() + one) * count;
            row.iter().for_each(|(j, x)| next[*j as usize] += z * x * task.spread[*j as usize]);
            next_one += z;
        }
        value = (next.iter().map(|x| x * x).sum::<f32>() + next_one * next_one).sqrt().max(1e-6);
        v = next.iter().map(|x| x / value).collect();
        one = next_one / value;
    }
    value * 1.05
}
